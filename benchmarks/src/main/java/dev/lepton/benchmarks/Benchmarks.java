package dev.lepton.benchmarks;

import dev.lepton.benchmarks.gateway.GatewayBenchmark;
import dev.lepton.benchmarks.start.ContainerBenchmark;
import dev.lepton.benchmarks.start.StartBenchmark;
import java.nio.file.Path;
import java.util.List;

/** Runs the benchmark that is named. */
public final class Benchmarks {

    private Benchmarks() {}

    public static void main(String[] arguments) throws Exception {
        Path checkout = Path.of(System.getProperty("lepton.dir", "")).toAbsolutePath();
        List<String> words = List.of(arguments);
        String benchmark = words.isEmpty() ? "" : words.getFirst();
        List<String> options = words.subList(Math.min(1, words.size()), words.size());
        try {
            switch (benchmark) {
                case "starts" -> new StartBenchmark(checkout).run();
                case "containers" -> new ContainerBenchmark(checkout).run();
                case "gateway" -> new GatewayBenchmark(checkout, options).run();
                default ->
                        throw new IllegalArgumentException(
                                """
                                usage: benchmarks/run BENCHMARK
                                  starts      ./lepton up and the restart of a killed worker, with and without AOT caches
                                  containers  image sizes, start times and memory of the services that docker-compose runs now
                                  lookup      the lookup of a route and its filters in the gateway, with and without the index
                                  gateway     what a request costs through Lepton, a stock Spring Cloud Gateway, HAProxy and nginx\
                                """);
            }
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }
}
