"""Invented English place names. Any likeness to a real place is an accident."""

from __future__ import annotations

from collections.abc import Iterator

from partition.sample.draws import Draws

STEMS = (
    "Agger", "Alver", "Anker", "Arrow", "Asgar", "Askel", "Averl", "Baldren", "Bannock", "Barsel", "Belsar",
    "Bennoc", "Birkel", "Blander", "Bracken", "Brannet", "Brask", "Bredel", "Brinkel", "Brocksel", "Brun",
    "Brund", "Candel", "Cassel", "Ceol", "Clem", "Coldren", "Corran", "Cranmer", "Cressel", "Crowdel",
    "Crusk", "Culver", "Cyn", "Dallin", "Darnel", "Deever", "Dorn", "Dorrel", "Drakel", "Dunsel", "Eddle",
    "Edric", "Eldren", "Elmer", "Endrel", "Esker", "Fenk", "Fennel", "Ferren", "Fladder", "Folder", "Fosk",
    "Frandel", "Frithel", "Fulk", "Galder", "Gant", "Garren", "Gelder", "Gilden", "Glim", "Gorsel",
    "Grandel", "Grend", "Grimsel", "Grisk", "Guther", "Hagn", "Haldren", "Hallen", "Harren", "Harsk",
    "Haskel", "Hather", "Heddel", "Heron", "Hesk", "Hessel", "Hindren", "Holdren", "Horsel", "Huckel",
    "Hult", "Inger", "Ingren", "Jarrel", "Jask", "Kelder", "Kesk", "Ketil", "Kettle", "Kinder", "Landren",
    "Larken", "Leasel", "Ledder", "Leof", "Lodden", "Loth", "Lowdren", "Lusk", "Mander", "Marren", "Mawder",
    "Melder", "Mell", "Merrel", "Minder", "Morren", "Mossel", "Murl", "Nask", "Nesder", "Norren", "Oaken",
    "Odder", "Ormer", "Orrel", "Osgen", "Osk", "Osric", "Oth", "Padden", "Pask", "Pellen", "Picker",
    "Plover", "Prill", "Quarrel", "Radden", "Ranskel", "Rask", "Redder", "Reeden", "Rindel", "Rooksel",
    "Rushen", "Sallow", "Sandren", "Sark", "Scalder", "Scarren", "Sedgel", "Selder", "Shelder", "Sig",
    "Skaw", "Skelder", "Skirrel", "Slater", "Snader", "Sorrel", "Sparren", "Stannel", "Starren", "Stoken",
    "Strandel", "Strim", "Swalder", "Swandel", "Sward", "Swarf", "Tarren", "Teasel", "Tellen", "Thacken",
    "Thistel", "Thornen", "Thrax", "Thrum", "Tindren", "Tofi", "Tolder", "Torren", "Trask", "Trundel",
    "Tudden", "Tusk", "Uffen", "Ulder", "Ulf", "Ulm", "Vander", "Vender", "Warren", "Wassel", "Weldren",
    "Wender", "Whinsel", "Widder", "Wilder", "Withen", "Wolder", "Wrandel", "Wrax", "Wulf", "Yaddle",
    "Yarl", "Yarren", "Yolder",
)  # fmt: skip
ENDINGS = {
    "coast": ("by", "ness", "mere", "holme", "toft", "thorpe", "sea", "haven", "fleet", "marsh"),
    "wold": ("by", "thorpe", "wold", "dale", "combe", "ham", "low", "with", "wick", "gate"),
    "fen": ("holme", "toft", "wick", "ey", "fen", "by", "dyke", "mere", "lode", "bridge"),
    "edge": ("ham", "by", "ington", "well", "cote", "stone", "cliffe", "ley", "worth", "ford"),
    "vale": (
        "ton",
        "ham",
        "by",
        "ley",
        "worth",
        "ford",
        "ington",
        "field",
        "hurst",
        "stead",
        "den",
        "thorpe",
    ),
}
SECOND_WORDS = {
    "coast": ("Haven", "St Clement", "Marsh", "Saltings"),
    "wold": ("on the Wold", "le Wold", "St Giles", "Top"),
    "fen": ("Fen", "Drove", "Bank", "End"),
    "edge": ("Heath", "under Edge", "Abbas", "St Giles"),
    "vale": ("Green", "Abbots", "St Mary", "Magna", "Common"),
}
FIRST_WORDS = (
    "North",
    "South",
    "East",
    "West",
    "Upper",
    "Lower",
    "Long",
    "Old",
    "High",
    "Nether",
    "Church",
    "Kings",
)
CITY = "Thurlchester"
SEASIDE = "Marramsea"
MARKET_TOWNS = (
    "Market Kelderby",
    "Nessingham",
    "Fenwardine",
    "Wolderleigh",
    "Coldrenbridge",
    "Thurlmouth",
    "Hollenstow",
)
SAINTS = (
    "St Aidan's", "St Andrew's", "St Botolph's", "St Chad's", "St Clement's", "St Edith's", "St Guthlac's",
    "St Helen's", "St James'", "St John's", "St Lawrence's", "St Margaret's", "St Martin's", "St Mary's",
    "St Michael's", "St Nicholas'", "St Oswald's", "St Peter's", "St Thomas'", "All Saints",
    "Holy Trinity",
)  # fmt: skip
CATHOLIC = (
    "St Joseph's",
    "Our Lady's",
    "Sacred Heart",
    "St Thomas More",
    "St Bernadette's",
    "English Martyrs",
)
STREETS = (
    "Mill Lane", "Priory Road", "Castle Hill", "Queen's Park", "Staithe Road", "Meadowfield",
    "Church Lane", "Fair Green", "Westgate", "Northfield", "Abbey Park", "Riverside", "The Limes",
    "Chestnut Avenue", "Wharf Street", "Oak Tree", "Southfields", "Beacon Hill", "King Street", "Windmill",
    "Eastfield", "Bridge Street", "Manor Farm", "Holgate", "Poplar Drive", "Kingfisher", "Orchard",
    "St Ann's Road", "Market Street", "Sandhill", "Lark Rise", "Barley Close",
)  # fmt: skip


def _joined(stem: str, ending: str) -> str:
    """Join the halves of a name without doubling the letter where both meet: Hult and toft make Hultoft."""
    return stem.removesuffix(ending[0]) + ending


class PlaceNames:
    """A source of names for settlements. Each name is given once and suits the zone, such as fen or wold."""

    def __init__(self, seed: int) -> None:
        self._draws = Draws(seed, "names")
        self._taken = {CITY, SEASIDE, *MARKET_TOWNS}
        self._stems: Iterator[str] = iter(())

    def _stem(self) -> str:
        """Return the next stem. All stems are used once in random order before any is used again."""
        stem = next(self._stems, None)
        if stem is None:
            self._stems = iter([STEMS[position] for position in self._draws.order(len(STEMS))])
            stem = next(self._stems)
        return stem

    def village(self, zone: str) -> str:
        """Return a new name: mostly one word, sometimes two, and two more often when short names are used up."""
        tries = 0
        while True:
            tries += 1
            name = _joined(self._stem(), self._draws.pick(ENDINGS[zone]))
            roll = self._draws.between(0, 1) - 0.02 * tries
            if roll < 0.06:
                name = f"{name} {self._draws.pick(SECOND_WORDS[zone])}"
            elif roll < 0.12:
                name = f"{self._draws.pick(FIRST_WORDS)} {name}"
            if name not in self._taken:
                self._taken.add(name)
                return name

    def twins(self, zone: str) -> tuple[str, str]:
        """Return two new names for neighbours: Great and Little of one name."""
        while True:
            name = _joined(self._stem(), self._draws.pick(ENDINGS[zone]))
            great, little = f"Great {name}", f"Little {name}"
            if not {great, little, name} & self._taken:
                self._taken |= {great, little, name}
                return great, little

    def market_town(self, number: int) -> str:
        """Return the name of a market town; numbers count from 0."""
        if number < len(MARKET_TOWNS):
            return MARKET_TOWNS[number]
        while True:
            name = f"{'Market ' if number % 2 else ''}{_joined(self._stem(), self._draws.pick(ENDINGS['vale']))}"
            if name not in self._taken:
                self._taken.add(name)
                return name
