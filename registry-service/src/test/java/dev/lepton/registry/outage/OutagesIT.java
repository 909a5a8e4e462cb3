package dev.lepton.registry.outage;

import dev.lepton.registry.postgres.OwnPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The registry while its PostgreSQL is away: the most telling ways always, all in long runs. */
class OutagesIT {

    @TempDir static Path folder;
    private static Trial trial;

    @BeforeAll
    static void start() throws Exception {
        Place place = new Place(OwnPostgres.in(folder).with("max_connections = 25").start());
        trial = Trial.at(place, "127.0.0.1:" + place.way().port());
    }

    @AfterAll
    static void stop() throws Exception {
        trial.close();
    }

    static Stream<Outage> outages() {
        return Outage.tried();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("outages")
    void clientsAreServedFromMemoryAndAllIsWellSoonAfterwards(Outage outage) throws Exception {
        trial.endure(outage, length(outage));
    }

    /** Longer than a unit may be silent, and than the registry waits for an answer. */
    private static Duration length(Outage outage) {
        boolean refused = outage == Outage.KILLED;
        return Bounds.length(
                outage == Outage.FROZEN ? Duration.ofSeconds(60) : Duration.ofSeconds(10),
                Duration.ofMillis(refused && !Bounds.runIsLong() ? 1800 : 2800));
    }
}
