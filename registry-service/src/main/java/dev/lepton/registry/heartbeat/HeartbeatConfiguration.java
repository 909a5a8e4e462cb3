package dev.lepton.registry.heartbeat;

import dev.lepton.registry.flap.Flapping;
import dev.lepton.registry.move.CurrentUnits;
import dev.lepton.registry.move.UnitMoves;
import dev.lepton.registry.replica.ReplicaId;
import dev.lepton.registry.settings.LeaseSettings;
import dev.lepton.registry.time.NanoClock;
import dev.lepton.registry.time.PeriodicLoop;
import dev.lepton.registry.unit.Units;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.support.TransactionOperations;

/** Wires beats and the flush of their marks. */
@Configuration(proxyBeanMethods = false)
class HeartbeatConfiguration {

    @Bean
    MarkTable markTable() {
        return new MarkTable();
    }

    @Bean
    Heartbeats heartbeats(
            CurrentUnits current,
            Units units,
            MarkTable marks,
            UnitMoves moves,
            Flapping flapping,
            NanoClock clock) {
        Allowance allowance = new Allowance(Verdicts.LOOKUPS_PER_SECOND, clock);
        return new Heartbeats(
                new Verdicts(current, units, allowance), marks, moves, flapping, clock);
    }

    @Bean
    MarkFlusher markFlusher(
            MarkTable marks,
            JdbcOperations jdbc,
            TransactionOperations transactions,
            ReplicaId replica,
            LeaseSettings settings,
            NanoClock clock) {
        return new MarkFlusher(
                marks, new MarkRows(jdbc, transactions, replica), settings.storedWithin(), clock);
    }

    @Bean
    PeriodicLoop markFlush(MarkFlusher flusher, LeaseSettings settings, NanoClock clock) {
        return new PeriodicLoop("mark-flush", settings.flushInterval(), flusher::flush, clock);
    }
}
