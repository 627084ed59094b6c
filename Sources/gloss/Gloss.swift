import ArgumentParser
@main struct Gloss: AsyncParsableCommand { }
