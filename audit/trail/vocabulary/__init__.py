"""What the trail says, in words: every act and every fact, in one place (decision 0024).

`acts` has the icon of each act, `facts` the name of each fact and how its value is read,
`reading` turns a record of the trail into words. The list of acts with their words and articles
is `regulation.actions`.
"""
