"""What tests share: samples, doubles of what opens connections, and ways to drive app and browser."""
