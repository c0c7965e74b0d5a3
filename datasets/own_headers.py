"""Headers of our own in an archived response: what the archive alone must still tell when all else is lost.

None comes from a server: the crawl takes what begins like them out of each answer.
"""

OUR_HEADERS = "x-tinsach-"  # how they begin, in lower case
ASKED_HEADER = "X-Tinsach-Asked"  # where a redirect led to: the URL that was asked
GONE_HEADER = "X-Tinsach-Gone"  # of a redirect: the article is gone, since it leads to a page that is none
IMPORT_HEADER = "X-Tinsach-Import"  # "html" or "text", then where an imported item came from
GIVEN_HEADER = "X-Tinsach-Given"  # what its row said of it, as a JSON object in ASCII
