package dev.lepton.registry.changelog;

import java.time.InstantSource;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the writer of the change log. */
@Configuration(proxyBeanMethods = false)
class ChangeLogConfiguration {

    @Bean
    DirectConnections directConnections(JdbcConnectionDetails details) {
        return new DirectConnections(
                details.getJdbcUrl(), details.getUsername(), details.getPassword());
    }

    @Bean(destroyMethod = "close")
    ChangeNotifier changeNotifier(DataSource dataSource) {
        return new ChangeNotifier(dataSource);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    ChangeWriter changeWriter(
            DirectConnections connections, InstantSource clock, List<CommitListener> listeners) {
        return new ChangeWriter(connections, clock, listeners);
    }
}
