package dev.lepton.registry.retention;

import dev.lepton.registry.flap.Flapping;
import dev.lepton.registry.leader.Duties;
import dev.lepton.registry.settings.ChangeLogSettings;
import dev.lepton.registry.settings.NodeSettings;
import dev.lepton.registry.settings.SilenceSettings;
import dev.lepton.registry.time.NanoClock;
import dev.lepton.registry.time.PeriodicLoop;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires the compaction of the change log. */
@Configuration(proxyBeanMethods = false)
class RetentionConfiguration {

    @Bean
    LogCompactor logCompactor(
            Duties duties,
            JdbcClient jdbc,
            ChangeLogSettings settings,
            NodeSettings node,
            SilenceSettings silence,
            InstantSource time) {
        Duration lookBack =
                Collections.max(
                        List.of(Flapping.REMEMBERED, node.moveAgainAfter(), silence.window()));
        return new LogCompactor(
                duties,
                new CompactionRows(jdbc),
                settings.retention(),
                settings.maxRows(),
                lookBack,
                time);
    }

    @Bean
    PeriodicLoop logCompaction(
            LogCompactor compactor, ChangeLogSettings settings, NanoClock clock) {
        return new PeriodicLoop(
                "log-compaction", settings.compactInterval(), compactor::compact, clock);
    }
}
