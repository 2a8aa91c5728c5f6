"""What could be asked of the demo corpus."""

EXAMPLES = (
    "The two presidents signed a joint statement",
    "习近平",
    "Japan released treated water into the sea",
    "Россия начала наступление в Харьковской области",
    "Fischer",
)
