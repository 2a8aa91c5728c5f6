"""The Framing page: each section shows one measure, and every figure opens to its sentences."""
