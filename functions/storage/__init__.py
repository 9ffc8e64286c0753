"""What is kept of recognitions, and where. Knows `recognition.result`, and nothing of the web."""
