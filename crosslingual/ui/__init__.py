"""The Streamlit app: the only code that imports streamlit, with the repository's app.py."""
