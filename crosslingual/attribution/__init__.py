"""Who is said to have said what, in quotation marks or without: source, cue and content of an attribution."""
