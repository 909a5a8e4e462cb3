package dev.lepton.benchmarks.start;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The second start of the checked-in platform until everything is ready, and the time from the kill
 * of a worker until the gateway has its answer again; as shipped, and without one after the other
 * of what makes starts fast.
 */
public final class StartBenchmark {

    private static final int STARTS = 3;
    private static final int KILLS = 5;
    private static final int SERVICES = 4;
    private static final String AOT = "(?m)^ +aot: .*\\R?";
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final Pattern UNIT =
            Pattern.compile("\"id\"\\s*:\\s*\"([^\"]+)\"[^{}]*?\"pid\"\\s*:\\s*(\\d+)");
    private static final Pattern INCARNATION = Pattern.compile("\"incarnation\"\\s*:\\s*(\\d+)");

    private final Path checkout;
    private final HttpClient http = HttpClient.newHttpClient();

    public StartBenchmark(Path checkout) {
        this.checkout = checkout;
    }

    /** A way to start the services of the checked-in declaration. */
    private enum Way {
        AS_SHIPPED("as shipped", List.of()),
        WITHOUT_AOT("services without AOT caches", List.of(AOT)),
        FULL_COMPILER("also with the full compiler", List.of(AOT, " *-XX:TieredStopAtLevel=1,?")),
        JVM_DEFAULTS("the JVM's defaults", List.of(AOT, "(?m)^ +java-options: .*\\R"));

        private final String title;
        private final List<String> leftOut;

        Way(String title, List<String> leftOut) {
            this.title = title;
            this.leftOut = leftOut;
        }

        String declaration(String shipped) {
            String text = shipped;
            for (String part : leftOut) {
                text = text.replaceAll(part, "");
            }
            return text;
        }
    }

    /** What was measured of one way to start. */
    private record Result(Way way, Series starts, Series kills, Map<String, Long> kilobytes) {}

    public void run() throws IOException, InterruptedException {
        System.out.println(
                "| | `./lepton up`, second start, until all is ready | worker killed with -9, until it serves again |\n| --- | --- | --- |");
        List<Result> results = new ArrayList<>();
        for (Way way : Way.values()) {
            System.err.println("measuring: " + way.title);
            Result result = measure(way);
            System.out.printf("| %s | %s | %s |%n", way.title, result.starts(), result.kills());
            System.err.println("resident, kB: " + result.kilobytes());
            results.add(result);
        }
        StringBuilder memory = new StringBuilder();
        System.out.println(
                "\n| resident memory, MB | "
                        + String.join(" | ", results.getFirst().kilobytes().keySet())
                        + " |\n"
                        + "| --- ".repeat(results.getFirst().kilobytes().size() + 1)
                        + "|");
        for (Result result : results) {
            memory.append("| ").append(result.way().title);
            result.kilobytes().values().forEach(kb -> memory.append(" | ").append(kb / 1024));
            memory.append(" |\n");
        }
        System.out.print(memory);
    }

    private Result measure(Way way) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("lepton-benchmark-").toRealPath();
        Path home = folder.resolve("home");
        Path declaration = folder.resolve("lepton.yml");
        Files.writeString(
                declaration, way.declaration(Files.readString(checkout.resolve("lepton.yml"))));
        Command lepton = new Command(checkout, Map.of("LEPTON_HOME", home.toString()));
        try {
            up(lepton, declaration);
            // Of each service that wants one, and of the supervisor.
            awaitCaches(home.resolve("aot"), way == Way.AS_SHIPPED ? SERVICES + 1 : 1);
            Series starts = new Series();
            for (int i = 0; i < STARTS; i++) {
                lepton.run(List.of("./lepton", "down"));
                starts.add(up(lepton, declaration));
            }
            Series kills = new Series();
            Map<String, Long> resident = new LinkedHashMap<>();
            pids(lepton).forEach((unit, pid) -> resident.put(unit, residentKilobytes(pid)));
            for (int i = 0; i < KILLS; i++) {
                kills.add(kill(lepton));
            }
            return new Result(way, starts, kills, resident);
        } finally {
            lepton.run(List.of("./lepton", "down", "--purge"));
            delete(folder);
        }
    }

    private static double up(Command lepton, Path declaration)
            throws IOException, InterruptedException {
        long from = System.nanoTime();
        lepton.run(List.of("./lepton", "up", "--detach", "--file", declaration.toString()));
        return (System.nanoTime() - from) / 1e9;
    }

    /** Seconds from the kill to the first answer of the worker's next start. */
    private double kill(Command lepton) throws IOException, InterruptedException {
        long incarnation = incarnationOf("worker-2");
        long pid = Objects.requireNonNull(pids(lepton).get("worker-2"));
        long from = System.nanoTime();
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        while (incarnationOf("worker-2") <= incarnation) {
            LockSupport.parkNanos(20_000_000);
            requireWithinLimit(from);
        }
        return (System.nanoTime() - from) / 1e9;
    }

    /** Of the unit's answer through the gateway, 0 when it has given none in three rounds. */
    private long incarnationOf(String unit) throws IOException, InterruptedException {
        HttpRequest hello =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:8080/worker/hello")).build();
        for (int i = 0; i < 9; i++) {
            var answer = http.send(hello, BodyHandlers.ofString());
            Matcher incarnation = INCARNATION.matcher(answer.body());
            if (answer.headers().firstValue("Lepton-Unit").filter(unit::equals).isPresent()
                    && incarnation.find()) {
                return Long.parseLong(incarnation.group(1));
            }
        }
        return 0;
    }

    private static Map<String, Long> pids(Command lepton) throws IOException, InterruptedException {
        Map<String, Long> pids = new LinkedHashMap<>();
        Matcher units = UNIT.matcher(lepton.run(List.of("./lepton", "units", "-o", "json")));
        while (units.find()) {
            pids.put(units.group(1), Long.parseLong(units.group(2)));
        }
        return pids;
    }

    private static long residentKilobytes(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            // Ended meanwhile, or a system without /proc.
            return 0;
        }
    }

    private static void awaitCaches(Path folder, int caches) throws IOException {
        long from = System.nanoTime();
        while (count(folder) < caches || Files.exists(folder.resolve("training"))) {
            LockSupport.parkNanos(500_000_000);
            requireWithinLimit(from);
        }
    }

    private static long count(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".aot")).count();
        }
    }

    private static void requireWithinLimit(long from) {
        if (System.nanoTime() - from > LIMIT.toNanos()) {
            throw new IllegalStateException("not within " + LIMIT);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
