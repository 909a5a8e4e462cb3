package dev.lepton.benchmarks.fleet;

import dev.lepton.benchmarks.peer.LeptonRegistry;
import dev.lepton.client.registration.Registration;
import dev.lepton.client.rest.RegistryClient;
import dev.lepton.client.rest.RegistryRefusal;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitAddress;
import dev.lepton.client.unit.UnitId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Units that beat through batches, as those of supervisors do, as often as the registry tells them
 * to. The batches are spread over the interval, and a few connections carry them.
 */
final class BeatingFleet implements AutoCloseable {

    private static final int CONNECTIONS = 8;
    private static final int CALLERS = 32;
    private static final int SERVICE_SIZE = 100;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int ATTEMPTS = 120;
    private static final int SHOWN = 20;
    private static final Pattern INTERVAL = Pattern.compile("\"heartbeatInterval\":\"(P[^\"]+)\"");
    private static final String ACCEPTED = "\"accepted\"";

    private final LeptonRegistry registry;
    private final int units;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ScheduledExecutorService beaters =
            Executors.newScheduledThreadPool(
                    CONNECTIONS, Thread.ofPlatform().daemon().name("beater-", 0).factory());
    private volatile Duration interval = Duration.ofSeconds(1);
    private volatile Tally tally = new Tally();
    private int shown;

    BeatingFleet(LeptonRegistry registry, int units) {
        this.registry = registry;
        this.units = units;
    }

    /** Begins to count anew. */
    Tally count() {
        Tally fresh = new Tally();
        tally = fresh;
        return fresh;
    }

    Duration interval() {
        return interval;
    }

    /** Registers all units; those that are registered begin to beat meanwhile. */
    void register() throws InterruptedException {
        try (RegistryClient client =
                        new RegistryClient(List.of(registry.url()), registry.token(), TIMEOUT);
                ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            for (int first = 1; first <= units; first += Batch.LARGEST) {
                Batch batch = new Batch(first, Math.min(Batch.LARGEST, units - first + 1));
                List<Future<?>> answers = new ArrayList<>();
                for (int i = 0; i < batch.units(); i++) {
                    Registration unit = registration(first + i);
                    answers.add(callers.submit(() -> registered(client, unit)));
                }
                for (Future<?> answer : answers) {
                    answer.get();
                }
                beat(batch, System.nanoTime() + offset(first).toNanos());
                if (first / Batch.LARGEST % 10 == 0) {
                    System.err.printf("registered: %,d%n", first - 1 + batch.units());
                }
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("the registry did not take the units", e);
        }
    }

    /** Its place within the interval, so that the calls are spread. */
    private Duration offset(int first) {
        return interval.multipliedBy(first).dividedBy(units);
    }

    private static Registration registration(int number) {
        return new Registration(
                new UnitId(Batch.unit(number)),
                StartId.parse(Batch.start(number)),
                new ServiceName("service-" + number / SERVICE_SIZE),
                UnitAddress.http("127.0.0.1", 8080),
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** A registry that has too much to do asks to come again. */
    private static void registered(RegistryClient client, Registration unit) {
        for (int attempt = 1; ; attempt++) {
            try {
                client.register(unit);
                return;
            } catch (RegistryRefusal.Unavailable e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
                Duration asked = e.retryAfter();
                LockSupport.parkNanos((asked == null ? PAUSE : asked).toNanos());
            }
        }
    }

    private void beat(Batch batch, long due) {
        beaters.schedule(
                () -> {
                    long begin = System.nanoTime();
                    tally.sentLate((begin - due) / 1e6);
                    send(batch, begin);
                    beat(batch, Math.max(begin, due) + interval.toNanos());
                },
                due - System.nanoTime(),
                TimeUnit.NANOSECONDS);
    }

    private void send(Batch batch, long begin) {
        try {
            Instant now = Instant.now();
            long number = now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
            HttpResponse<String> answer =
                    http.send(
                            HttpRequest.newBuilder(URI.create(registry.url() + "/v1/heartbeats"))
                                    .timeout(TIMEOUT)
                                    .header("Authorization", registry.token().header())
                                    .header("Content-Type", "application/json")
                                    .POST(BodyPublishers.ofByteArray(batch.body(number)))
                                    .build(),
                            BodyHandlers.ofString());
            taken(batch, answer, (System.nanoTime() - begin) / 1e6);
        } catch (IOException e) {
            if (!beaters.isShutdown()) {
                failed(e.toString());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void taken(Batch batch, HttpResponse<String> answer, double took) {
        if (answer.statusCode() != 200) {
            failed(answer.statusCode() + " " + answer.body());
            return;
        }
        Matcher told = INTERVAL.matcher(answer.body());
        if (told.find()) {
            interval = Duration.parse(told.group(1));
        }
        tally.answered(
                occurrences(answer.body()),
                batch.units(),
                answer.body().contains("\"stored\":true"),
                took);
    }

    private static int occurrences(String body) {
        int count = 0;
        for (int at = body.indexOf(ACCEPTED); at >= 0; at = body.indexOf(ACCEPTED, at + 1)) {
            count++;
        }
        return count;
    }

    private synchronized void failed(String why) {
        tally.failed();
        shown++;
        if (shown <= SHOWN) {
            System.err.println("a batch failed: " + why);
        }
    }

    @Override
    public void close() {
        beaters.shutdownNow();
        http.shutdownNow();
    }
}
