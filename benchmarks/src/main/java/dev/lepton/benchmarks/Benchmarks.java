package dev.lepton.benchmarks;

import dev.lepton.benchmarks.faults.FaultBenchmark;
import dev.lepton.benchmarks.fleet.FleetBenchmark;
import dev.lepton.benchmarks.gateway.GatewayBenchmark;
import dev.lepton.benchmarks.registry.RegistryBenchmark;
import dev.lepton.benchmarks.start.ContainerBenchmark;
import dev.lepton.benchmarks.start.StartBenchmark;
import java.nio.file.Path;
import java.util.List;

/** Runs the benchmark that is named. */
public final class Benchmarks {

    private Benchmarks() {}

    /** One that is ready to run. */
    @FunctionalInterface
    private interface Benchmark {
        void run() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        Path checkout = Path.of(System.getProperty("lepton.dir", "")).toAbsolutePath();
        Benchmark benchmark;
        try {
            benchmark = named(checkout, List.of(arguments));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        benchmark.run();
    }

    private static Benchmark named(Path checkout, List<String> words) {
        List<String> options = words.subList(Math.min(1, words.size()), words.size());
        return switch (words.isEmpty() ? "" : words.getFirst()) {
            case "starts" -> new StartBenchmark(checkout)::run;
            case "containers" -> new ContainerBenchmark(checkout)::run;
            case "gateway" -> new GatewayBenchmark(checkout, options)::run;
            case "fleet" -> new FleetBenchmark(checkout, options)::run;
            case "registry" -> new RegistryBenchmark(checkout, options)::run;
            case "faults" -> new FaultBenchmark(checkout, options)::run;
            default ->
                    throw new IllegalArgumentException(
                            """
                            usage: benchmarks/run BENCHMARK
                              starts      ./lepton up and the restart of a killed worker, with and without AOT caches
                              containers  image sizes, start times and memory of the services that docker-compose runs now
                              lookup      the lookup of a route and its filters in the gateway, with and without the index
                              gateway     what a request costs through Lepton, a stock Spring Cloud Gateway, bare reactor-netty, HAProxy and nginx
                              faults      what clients notice of a unit that freezes or is killed, behind the same
                              registry    beats and registrations a second, of Lepton's registry and a stock Eureka server
                              fleet       what 1,000, 10,000 and 100,000 units that beat cost the registry and PostgreSQL\
                            """);
        };
    }
}
