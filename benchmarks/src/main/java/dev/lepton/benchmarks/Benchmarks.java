package dev.lepton.benchmarks;

import dev.lepton.benchmarks.start.ContainerBenchmark;
import dev.lepton.benchmarks.start.StartBenchmark;
import java.nio.file.Path;

/** Runs the benchmark that is named. */
public final class Benchmarks {

    private Benchmarks() {}

    public static void main(String[] arguments) throws Exception {
        Path checkout = Path.of(System.getProperty("lepton.dir", "")).toAbsolutePath();
        switch (arguments.length == 1 ? arguments[0] : "") {
            case "starts" -> new StartBenchmark(checkout).run();
            case "containers" -> new ContainerBenchmark(checkout).run();
            default -> {
                System.err.println(
                        """
                        usage: benchmarks/run BENCHMARK
                          starts      ./lepton up and the restart of a killed worker, with and without AOT caches
                          containers  image sizes, start times and memory of the services that docker-compose runs now
                          lookup      the lookup of a route and its filters in the gateway, with and without the index\
                        """);
                System.exit(2);
            }
        }
    }
}
