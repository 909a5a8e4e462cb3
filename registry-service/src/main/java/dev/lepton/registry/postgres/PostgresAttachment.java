package dev.lepton.registry.postgres;

import dev.lepton.registry.time.NanoClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server of a home that another process runs: it is waited for, and neither started nor
 * stopped.
 */
record PostgresAttachment(Path leptonHome, Duration limit, NanoClock clock) {

    private static final Logger log = LoggerFactory.getLogger(PostgresAttachment.class);

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PROGRESS = Duration.ofSeconds(5);

    /**
     * Returns when the server takes connections.
     *
     * @throws PostgresRefusal when it does not within the limit
     */
    PostgresAccess await() {
        PostgresHome home = PostgresHome.under(leptonHome);
        long began = clock.nanos();
        long told = began;
        while (true) {
            PostgresAccess access = stored(home);
            String trouble = access == null ? "it was never started" : trouble(home, access);
            if (access != null && trouble == null) {
                log.info("PostgreSQL answers at {}", access.url());
                return access;
            }
            if (clock.nanos() - began > limit.toNanos()) {
                throw PostgresRefusal.failed(
                        "the PostgreSQL of %s did not answer within 'lepton.postgres.attach-timeout' %s (%s): start it with the argument 'postgres', or let the registry run it with 'lepton.postgres.start=true'"
                                .formatted(home.folder(), limit, trouble));
            }
            if (clock.nanos() - told > PROGRESS.toNanos()) {
                told = clock.nanos();
                log.info(
                        "Waiting for the PostgreSQL of {} since {} s: {}",
                        home.folder(),
                        Duration.ofNanos(told - began).toSeconds(),
                        trouble);
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    private static @Nullable PostgresAccess stored(PostgresHome home) {
        PortFile port = new PortFile(home.portFile());
        SecretFile password = new SecretFile(home.passwordFile());
        return port.isMissing() || password.isMissing()
                ? null
                : new PostgresAccess(port.read(), password.read());
    }

    private static @Nullable String trouble(PostgresHome home, PostgresAccess access) {
        return switch (new ServerProbe(access, home.clusterName()).look()) {
            case ServerProbe.Finding.Ours _ -> null;
            case ServerProbe.Finding.Foreign(String why) ->
                    "at port " + access.port() + " answers " + why;
            case ServerProbe.Finding.Silent(String why) -> why;
        };
    }
}
