package dev.lepton.registry.changelog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.unit.UnitState;
import dev.lepton.registry.support.FreshDatabase;
import dev.lepton.registry.support.RestUnit;
import dev.lepton.registry.support.RunningRegistry;
import dev.lepton.registry.support.TestPostgres;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The registry on a URL that names several hosts, as one does for a server and its standby. */
class SeveralHostsIT {

    @RegisterExtension static final FreshDatabase database = FreshDatabase.empty();

    @Test
    void registryWorksOnTheHostThatAnswersWhenTheFirstOneDoesNot() throws Exception {
        try (Socket closed = new Socket()) {
            // Bound and not listening: nothing answers there, and nobody else can come to.
            closed.bind(new InetSocketAddress("127.0.0.1", 0));
            String url = urlThatNamesFirst("127.0.0.1:" + closed.getLocalPort());

            try (RunningRegistry registry =
                    RunningRegistry.start(database, "spring.datasource.url=" + url)) {
                RestUnit unit = RestUnit.startOf(registry, "worker-1").up();

                await().atMost(Duration.ofSeconds(60)).until(unit::state, UnitState.UP::equals);
                assertThat(connected())
                        .contains(
                                "lepton-registry",
                                "lepton change writer",
                                "lepton change tail",
                                "lepton change listener");
            }
        }
    }

    private static String urlThatNamesFirst(String host) {
        String only = "127.0.0.1:" + TestPostgres.shared().port();
        return database.url().replace(only, host + "," + only);
    }

    private static List<String> connected() {
        return database.jdbc()
                .sql(
                        """
                        SELECT DISTINCT application_name FROM pg_stat_activity
                        WHERE datname = current_database()\
                        """)
                .query(String.class)
                .list();
    }
}
