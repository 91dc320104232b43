"""What reaches the server: orders, uploaders, scenarios and their replay."""
