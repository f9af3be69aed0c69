extensions = ["chapters"]
