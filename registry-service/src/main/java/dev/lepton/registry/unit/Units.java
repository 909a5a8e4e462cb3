package dev.lepton.registry.unit;

import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Units as they are in PostgreSQL, for the answers that memory may not give.
 *
 * <p>Every method throws {@link DatabaseAway} when PostgreSQL does not answer.
 */
public class Units {

    private final UnitRecords records;
    private final Starts starts;

    Units(UnitRecords records, Starts starts) {
        this.records = records;
        this.starts = starts;
    }

    /** Null when the unit was never registered; a forgotten unit is found. */
    public @Nullable UnitRow find(UnitId id) {
        return rows(List.of(id)).get(id);
    }

    /** Those that are not forgotten, in no order. */
    public List<UnitRow> ofService(ServiceName service) {
        return Postgres.answer(() ->
                records.findByServiceAndForgottenFalse(service.value()).stream()
                        .map(UnitRecord::row)
                        .toList());
    }

    public Holding holding(UnitId id, StartId start) {
        return holdings(Map.of(id, start)).getOrDefault(id, Holding.NONE);
    }

    /** A supervisor has seen the process of this start end. */
    public void exited(UnitId id, StartId start) {
        Postgres.answer(() -> {
            starts.exited(id, start);
            return true;
        });
    }

    /** Whether a supervisor has seen the process of this start end. */
    public boolean hasExited(UnitId id, StartId start) {
        return Postgres.answer(() -> starts.hasExited(id, start));
    }

    /**
     * The starts are read before the rows: a start that is known is then the holder, or a row that
     * is as new as its admission names another one.
     */
    public Map<UnitId, Holding> holdings(Map<UnitId, StartId> asked) {
        return Postgres.answer(() -> {
            Map<UnitId, KnownStart> known = starts.find(asked);
            Map<UnitId, UnitRow> rows = rows(asked.keySet());
            Map<UnitId, Holding> holdings = new HashMap<>();
            asked.keySet()
                    .forEach(id -> holdings.put(id, new Holding(rows.get(id), known.get(id))));
            return holdings;
        });
    }

    private Map<UnitId, UnitRow> rows(Collection<UnitId> ids) {
        return Postgres.answer(() ->
                records.findByIdIn(ids.stream().map(UnitId::value).toList()).stream()
                        .map(UnitRecord::row)
                        .collect(Collectors.toMap(UnitRow::id, row -> row)));
    }
}
