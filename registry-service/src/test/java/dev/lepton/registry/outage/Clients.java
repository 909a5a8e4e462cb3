package dev.lepton.registry.outage;

import dev.lepton.registry.outage.Answers.Answer;
import dev.lepton.registry.support.RestUnit;
import dev.lepton.registry.support.RunningRegistry;
import dev.lepton.registry.watch.RecordedWatch;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/** All kinds of clients of one registry, which go on whatever they are answered. */
final class Clients implements AutoCloseable {

    private static final Duration PACE = Duration.ofMillis(100);
    private static final int UNITS = 4;

    final Answers beats = new Answers();
    final Answers reads = new Answers();
    final Answers registrations = new Answers();
    final RecordedWatch watch;
    private final RunningRegistry registry;
    private final List<RestUnit> units;
    private final Map<String, String> acknowledged = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();
    private final AtomicInteger names = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    private Clients(RunningRegistry registry) {
        this.registry = registry;
        this.watch = RecordedWatch.of(registry);
        this.units =
                IntStream.rangeClosed(1, UNITS)
                        .mapToObj(i -> RestUnit.startOf(registry, "beating-" + i).up())
                        .toList();
    }

    static Clients of(RunningRegistry registry) {
        Clients clients = new Clients(registry);
        clients.units.forEach(unit -> clients.keep(() -> clients.beats.to(unit::beat)));
        clients.keep(() -> clients.reads.to(() -> registry.get("/v1/units?size=100")));
        clients.keep(clients::register);
        return clients;
    }

    private void keep(Runnable call) {
        threads.add(
                Thread.ofVirtual()
                        .start(() -> {
                            while (!closed) {
                                long begun = System.nanoTime();
                                call.run();
                                LockSupport.parkNanos(begun + PACE.toNanos() - System.nanoTime());
                            }
                        }));
    }

    /** A process that comes up just now. */
    Answer register() {
        RestUnit unit =
                RestUnit.startOf(registry, "new-" + names.incrementAndGet()).labelled(bulk());
        Answer answer = registrations.to(unit::register);
        if (answer.status() == 201) {
            acknowledged.put(unit.id(), unit.start().toString());
        }
        return answer;
    }

    /** So that a few of them fill a page of the database. */
    private Map<String, String> bulk() {
        return IntStream.range(0, 8)
                .boxed()
                .collect(
                        Collectors.toMap(
                                i -> "bulk-" + i,
                                _ -> HexFormat.of().formatHex(random.generateSeed(64))));
    }

    /** Whether a registration is taken, beats are stored, and reads and the watch are current. */
    boolean areServed() {
        RestUnit unit = RestUnit.startOf(registry, "after-" + names.incrementAndGet());
        return unit.register().statusCode() == 201
                && units.getFirst().beat().body().contains("\"stored\":true")
                && registry.get("/v1/units?size=1000").body().contains("\"" + unit.id() + "\"")
                && ageOfReads() < 1500
                && watch.revision() >= revisionOfReads();
    }

    long ageOfReads() {
        return lastRead("/ageMillis");
    }

    private long revisionOfReads() {
        String position =
                JsonMapper.shared()
                        .readTree(registry.get("/v1/units?size=1").body())
                        .at("/position")
                        .asString();
        return Long.parseLong(position.substring(position.lastIndexOf(':') + 1));
    }

    private long lastRead(String pointer) {
        return JsonMapper.shared()
                .readTree(registry.get("/v1/units?size=1").body())
                .at(pointer)
                .asLong();
    }

    /** Which start each unit was that was told that it is registered. */
    Map<String, String> acknowledged() {
        return Map.copyOf(acknowledged);
    }

    void forgetAnswers() {
        beats.clear();
        reads.clear();
        registrations.clear();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        for (Thread thread : threads) {
            try {
                thread.join(Duration.ofSeconds(30));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        watch.close();
    }
}
