"""Files that come from elsewhere: downloaded, checked, read with care."""
