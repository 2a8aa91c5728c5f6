"""What could be asked of the demo corpus."""

EXAMPLES = (
    "China has banned all imports of Japanese seafood",
    "习近平",
    "China and Russia signed a joint statement",
    "Путин",
    "Japan began releasing treated water from Fukushima into the sea",
)
