"""The crawl: a Scrapy project that finds, fetches and archives. The only floor on the network."""
