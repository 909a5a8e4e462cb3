package dev.lepton.registry.node;

import dev.lepton.registry.changelog.ChangeWriter;
import dev.lepton.registry.fleet.FleetView;
import dev.lepton.registry.leader.Leadership;
import dev.lepton.registry.settings.LeaseSettings;
import dev.lepton.registry.settings.NodeSettings;
import dev.lepton.registry.time.NanoClock;
import dev.lepton.registry.time.PeriodicLoop;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** Wires the nodes. */
@Configuration(proxyBeanMethods = false)
class NodeConfiguration {

    @Bean
    NodeBeats nodeBeats() {
        return new NodeBeats();
    }

    @Bean
    NodeRows nodeRows(JdbcOperations jdbc, TransactionOperations transactions) {
        return new NodeRows(jdbc, transactions);
    }

    @Bean
    NodeFlusher nodeFlusher(
            NodeBeats beats, NodeRows rows, LeaseSettings settings, NanoClock clock) {
        return new NodeFlusher(beats, rows, settings.storedWithin(), clock);
    }

    @Bean
    PeriodicLoop nodeFlush(NodeFlusher flusher, LeaseSettings settings, NanoClock clock) {
        return new PeriodicLoop("node-flush", settings.flushInterval(), flusher::flush, clock);
    }

    @Bean
    NodeMover nodeMover(
            FleetView fleet,
            JdbcClient jdbc,
            ChangeWriter writer,
            Leadership leadership,
            NodeSettings settings,
            InstantSource time,
            ObjectProvider<UnitSilence> silence) {
        // Late: who knows the silence of units wants to know which nodes are live.
        return new NodeMover(
                fleet,
                new PastMoves(jdbc),
                writer,
                leadership,
                settings,
                time,
                unit -> silence.getObject().over(unit));
    }

    @Bean
    NodeWatch nodeWatch(
            NodeRows rows,
            NodeFlusher flusher,
            FleetView fleet,
            Leadership leadership,
            NodeMover mover,
            LeaseSettings lease,
            NodeSettings settings,
            NanoClock clock) {
        NodeBook book = new NodeBook(lease.duration(), settings.lostAfter(), NodeWatch.PAUSE);
        return new NodeWatch(rows, book, flusher, fleet, leadership, mover, clock);
    }

    @Bean
    PeriodicLoop nodeLook(NodeWatch watch, NanoClock clock) {
        return new PeriodicLoop("node-look", NodeWatch.INTERVAL, watch::look, clock);
    }
}
