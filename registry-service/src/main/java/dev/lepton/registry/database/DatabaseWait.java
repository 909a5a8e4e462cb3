package dev.lepton.registry.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Holds the start of the registry up until the database of {@code spring.datasource.url} can be
 * worked with. Whatever is wrong with it is waited for: a wrong password or a missing database is
 * made good in the server as often as in the settings, and a process that ends is restarted only to
 * find the same.
 */
final class DatabaseWait implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    private static final Logger log = LoggerFactory.getLogger(DatabaseWait.class);
    private static final Duration PAUSE = Duration.ofMillis(500);

    /** Tries between two lines of the log that say the same. */
    private static final int QUIET_TRIES = 60;

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        Environment environment = context.getEnvironment();
        String url = environment.getProperty("spring.datasource.url", "");
        if (!url.startsWith("jdbc:postgresql:")) {
            return;
        }
        Knock knock =
                new Knock(
                        url,
                        environment.getProperty("spring.datasource.username"),
                        environment.getProperty("spring.datasource.password"));
        String refusal = knock.refusal();
        if (refusal != null) {
            WaitingRoom room = room(environment, refusal);
            // Whatever comes of the start, the ports are given back.
            context.addApplicationListener(
                    (ApplicationListener<ApplicationFailedEvent>) _ -> room.close());
            context.getBeanFactory().registerSingleton("waitingRoom", room);
            await(knock, refusal, room);
        }
    }

    private static void await(Knock knock, String first, WaitingRoom room) {
        String told = "";
        String refusal = first;
        for (int tries = 1; refusal != null; tries++) {
            if (!refusal.equals(told) || tries % QUIET_TRIES == 0) {
                told = refusal;
                room.tell(refusal);
                log.warn("The registry waits for PostgreSQL before it starts: {}", refusal);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
            if (Thread.currentThread().isInterrupted()) {
                room.close();
                throw new IllegalStateException("interrupted while waiting for PostgreSQL");
            }
            refusal = knock.refusal();
        }
        room.tell("it answers, and the registry starts");
        log.info("PostgreSQL answers; the registry starts");
    }

    private static WaitingRoom room(Environment environment, String refusal) {
        InetSocketAddress service = address(environment, "server", 8080);
        InetSocketAddress actuator = address(environment, "management.server", service.getPort());
        boolean apart = actuator.getPort() > 0 && actuator.getPort() != service.getPort();
        try {
            return WaitingRoom.open(
                    service, apart ? actuator : null, refusal, RandomGenerator.getDefault());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InetSocketAddress address(Environment environment, String prefix, int other) {
        int port = environment.getProperty(prefix + ".port", Integer.class, other);
        @Nullable String host = environment.getProperty(prefix + ".address");
        return StringUtils.hasText(host)
                ? new InetSocketAddress(host, Math.max(0, port))
                : new InetSocketAddress(Math.max(0, port));
    }
}
