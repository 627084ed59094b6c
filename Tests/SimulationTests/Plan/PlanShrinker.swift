/// Makes a failing plan smaller: takes steps out as long as it fails in the same way.
struct PlanShrinker {
    /// Runs that are spent on it.
    var budget = 150

    /// The smallest plan found that fails by the same oracle.
    mutating func shrink(_ plan: FaultPlan, _ oracle: FaultFailure.Oracle) async -> FaultPlan {
        var best = plan
        var size = max(1, plan.steps.count / 2)
        while budget > 0 {
            var start = 0
            var hasShrunk = false
            while start < best.steps.count, budget > 0 {
                var less = best
                less.steps.removeSubrange(start..<min(start + size, best.steps.count))
                budget -= 1
                if await FaultRun.of(less).failure?.oracle == oracle {
                    best = less
                    hasShrunk = true
                } else {
                    start += size
                }
            }
            if size == 1, !hasShrunk { break }
            size = max(1, size / 2)
        }
        return best
    }
}
