"""Why a reply was judged as it was, computed only when asked."""
