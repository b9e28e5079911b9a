"""Whether the portal in this container is well, as /health says: exit code 0, or 1 with a trace."""

import os
import urllib.request

ADDRESS = f"http://127.0.0.1:{os.environ.get('PORT') or 5000}/health"

if __name__ == "__main__":
    urllib.request.urlopen(ADDRESS, timeout=20).close()
