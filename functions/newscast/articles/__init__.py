"""An article's identity, revisions, actors and rows.

**Who may say what of an article.** A feed speaks for the site that it is subscribed to, and for what it is
granted (`grants`). What it says of a page that it speaks for makes that page's article. What it says of
anybody else's page is an observation beside the owner's article; it never changes it. Where no owner is
known, each feed has an article of its own of that page, linked by the page's address; when the owner comes,
those become observations of the owner's article, and their ids lead there.

**Names** (`identity`). Every observation has one name, made from itself alone: the feed and its guid; without
a guid, the feed and the address; of a stranger's page, the feed, the guid and the address; with neither, the
feed and the content. An article's id is one of its names. What was observed under a name lies in the name's
own row (`ART#name`, `revisions`) and never moves.

**Articles are a function of what was observed** (`grouping`, `heads`), not of the order in which it came:

- A name's home is the address that it was first observed at. Names of one home are one article (two feeds of
  a publisher, a guid that changed), unless one feed has two of them with no title in common (a page of many
  entries) or there are more than 32: then each is an article of its own.
- The article's id is its earliest name; the rows of the others lead to it.
- Its head shows the revision that was last observed, a whole text before a teaser, and its newest tag run.

**Writing** (`writing`) adds what was observed and makes every head say what its rows say, each step on the
condition that nobody was there meanwhile. Killed anywhere, the next delivery finishes it. Records (texts and
tags) are not in the table: those of a batch are one object of the bucket (`packs`, `archive`). DynamoDB bills
each kilobyte of each row, and twice in a transaction; so a usual article is three writes by themselves, in an
order that leaves no wrong state between them: its page, its actors' edges, its head.

| row | PK / SK | index |
|---|---|---|
| name: its article's head, or where it leads; its latest revisions | ART#name / HEAD | Sources, Days |
| revision that its HEAD has no room for, by tag run | ART#name / REV#revision#run | |
| page: who speaks for an address, and who else observed it | URL#digest / PAGE | |
| edge: an actor's article; counts only if the head says the actor | ACTOR#actor#yyyymm / time#id | |
| page that a feed observed without speaking for it | CLAIMS#feed / name | |
| grants of a feed | AUTH#feed / GRANTS | |

Keys of the indexes: `SRC#source` and `DAY#day#shard`, sorted by `Filed`: time#id. `time` is the time an
article is filed under: as published, or when it was first seen.
"""
