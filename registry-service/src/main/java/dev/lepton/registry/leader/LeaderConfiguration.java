package dev.lepton.registry.leader;

import dev.lepton.registry.replica.ReplicaId;
import dev.lepton.registry.settings.LeaderSettings;
import dev.lepton.registry.time.NanoClock;
import dev.lepton.registry.time.PeriodicLoop;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** Wires the leadership. */
@Configuration(proxyBeanMethods = false)
class LeaderConfiguration {

    @Bean(destroyMethod = "resign")
    Leadership leadership(
            JdbcClient jdbc, ReplicaId replica, LeaderSettings settings, NanoClock clock) {
        return new Leadership(new LeaderRows(jdbc), replica.value(), settings, clock);
    }

    @Bean
    Duties duties(Leadership leadership, TransactionOperations transactions, JdbcClient jdbc) {
        return new Duties(leadership, transactions, jdbc);
    }

    @Bean
    PeriodicLoop leaderLook(Leadership leadership, LeaderSettings settings, NanoClock clock) {
        return new PeriodicLoop("leader", settings.renewInterval(), leadership::look, clock);
    }
}
