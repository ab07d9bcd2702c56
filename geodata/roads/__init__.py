"""Roads: a council's road file read, made a graph that a car can drive, and asked for minutes, km and ways.

    network = read_network("rutland.osm.pbf")      # geodata.roads.reading
    travel = RoadTravel(network, places)           # geodata.roads.travel

Nothing is imported here: pyosmium and GDAL load only when a file needs them.
"""
