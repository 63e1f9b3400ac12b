"""Names a player goes by beside NBA.com's. Small on purpose: what is not here waits for `fairline names alias`."""

# First names that are one: a source writes any of a line, NBA.com another. Only where the surname agrees do they meet.
FIRST_NAMES = (
    ("alexander", "alex"),
    ("bub", "carlton"),
    ("cameron", "cam"),
    ("herbert", "herb"),
    ("isaiah", "isiah"),
    ("joshua", "josh"),
    ("luguentz", "lu"),
    ("maurice", "mo"),
    ("mitchell", "mitch"),
    ("mohamed", "mo"),
    ("moritz", "moe"),
    ("nicolas", "nicholas", "nic", "nick"),
    ("patrick", "pat"),
    ("robert", "rob", "bob", "bobby"),
    ("ronald", "ron"),
    ("vincent", "vince"),
)

# Whole names, as `read_name` keys them, to NBA.com's: legal names, initials that are no first name, other spellings.
WHOLE_NAMES = {
    "alfredjoelhorfordreynoso": "alhorford",
    "bjboston": "brandonboston",
    "bojanbogdanovich": "bojanbogdanovic",
    "boneshyland": "nahshonhyland",
    "christianjamesmccollum": "cjmccollum",
    "edricefemiadebayo": "bamadebayo",
    "gregoryjackson": "ggjackson",
    "ishmaellarrysmith": "ishsmith",
    "jameshuff": "jayhuff",
    "jeenathanwilliams": "natewilliams",
    "kenyonmartin": "kjmartin",
    "nahshonhyland": "boneshyland",
    "obadiahtoppin": "obitoppin",
}
