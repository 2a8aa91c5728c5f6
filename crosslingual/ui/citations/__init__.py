"""The Citations page: which outlet takes from which, as a picture and a table with the sentences."""
