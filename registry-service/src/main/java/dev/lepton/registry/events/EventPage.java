package dev.lepton.registry.events;

import dev.lepton.client.watch.Change;
import dev.lepton.client.watch.Position;
import java.util.List;

/**
 * A page of the change log.
 *
 * @param position that of the last event in the page, from which the next page goes on; of an empty
 *     page the one that was asked for
 */
record EventPage(List<Change> events, Position position) {}
