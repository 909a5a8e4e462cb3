package dev.lepton.registry.catalog;

import dev.lepton.client.unit.UnitView;
import dev.lepton.client.watch.Position;
import java.util.List;

/**
 * Some of the units that were asked for.
 *
 * @param total how many there are on all pages
 * @param position where in the change log the list was taken
 * @param ageMillis how long ago this replica last read the change log
 */
record UnitPage(
        List<UnitView> units, int page, int size, int total, Position position, long ageMillis) {}
