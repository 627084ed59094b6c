import ArgumentParser
@main struct Glossd: AsyncParsableCommand { }
