package dev.lepton.registry.heartbeat;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.heartbeat.Verdict.Accepted;
import dev.lepton.registry.heartbeat.Verdict.Unknown;
import dev.lepton.registry.move.CurrentUnits;
import dev.lepton.registry.unit.DatabaseAway;
import dev.lepton.registry.unit.Holding;
import dev.lepton.registry.unit.UnitRow;
import dev.lepton.registry.unit.Units;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says of each beat whether its start holds the unit: from memory, else from PostgreSQL. */
final class Verdicts {

    /** Lookups of PostgreSQL each second; a lookup of a batch counts once. */
    static final int LOOKUPS_PER_SECOND = 100;

    private static final Logger log = LoggerFactory.getLogger(Verdicts.class);

    private final CurrentUnits current;
    private final Units units;
    private final Allowance allowance;

    Verdicts(CurrentUnits current, Units units, Allowance allowance) {
        this.current = current;
        this.units = units;
        this.allowance = allowance;
    }

    Map<UnitId, Verdict> of(Map<UnitId, StartId> beats) {
        Map<UnitId, Verdict> verdicts = new HashMap<>();
        Map<UnitId, StartId> unsure = new HashMap<>();
        beats.forEach((unit, start) -> {
            Verdict verdict = Verdict.fromMemory(current.find(unit), start);
            if (verdict == null) {
                unsure.put(unit, start);
            } else {
                verdicts.put(unit, verdict);
            }
        });
        if (!unsure.isEmpty()) {
            verdicts.putAll(asked(unsure));
        }
        return verdicts;
    }

    private Map<UnitId, Verdict> asked(Map<UnitId, StartId> unsure) {
        Map<UnitId, Verdict> verdicts = new HashMap<>();
        if (!allowance.take()) {
            unsure.keySet().forEach(unit -> verdicts.put(unit, new Unknown(true)));
            return verdicts;
        }
        try {
            Map<UnitId, Holding> holdings = units.holdings(unsure);
            unsure.forEach((unit, start) -> {
                Holding held = holdings.getOrDefault(unit, Holding.NONE);
                Verdict verdict = Verdict.fromPostgres(held, start);
                if (verdict instanceof Accepted(UnitRow row)) {
                    current.learn(row);
                }
                verdicts.put(unit, verdict);
            });
        } catch (DatabaseAway e) {
            log.debug("PostgreSQL does not answer about {} units", unsure.size(), e);
            unsure.keySet().forEach(unit -> verdicts.put(unit, new Unknown(false)));
        }
        return verdicts;
    }
}
