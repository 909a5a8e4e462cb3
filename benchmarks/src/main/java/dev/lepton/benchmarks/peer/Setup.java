package dev.lepton.benchmarks.peer;

import dev.lepton.benchmarks.process.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What all peers of a run have in common.
 *
 * @param services how many there are, {@code service-1} and so on; the last one is measured
 * @param unitPorts where the units of the service measured listen
 * @param gatewayOptions of the JVM of each gateway
 * @param registryOptions of the JVM of each registry
 */
public record Setup(
        Stage stage,
        Path checkout,
        int services,
        List<Integer> unitPorts,
        List<String> gatewayOptions,
        List<String> registryOptions) {

    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    public Setup {
        unitPorts = List.copyOf(unitPorts);
        gatewayOptions = List.copyOf(gatewayOptions);
        registryOptions = List.copyOf(registryOptions);
    }

    /**
     * @param jvmDefaults whether the gateways run without the options that lepton.yml has for them
     */
    public static Setup of(
            Stage stage, Path checkout, int services, List<Integer> unitPorts, boolean jvmDefaults)
            throws IOException {
        String declaration = Files.readString(checkout.resolve("lepton.yml"));
        return new Setup(
                stage,
                checkout,
                services,
                unitPorts,
                jvmDefaults ? List.of() : DeclaredOptions.of(declaration, "gateway"),
                DeclaredOptions.of(declaration, "registry"));
    }

    static String service(int number) {
        return "service-" + number;
    }

    public String measuredService() {
        return service(services);
    }

    /** The jar with everything in it that the build of a module made. */
    public Path jar(String module) throws IOException {
        Path target = checkout.resolve(module).resolve("target");
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> file.toString().endsWith("-exec.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no jar to run in " + target));
        }
    }

    public static List<String> java(List<String> options, Path jar, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(JAVA.toString());
        command.addAll(options);
        command.add("-jar");
        command.add(jar.toString());
        command.addAll(List.of(arguments));
        return command;
    }
}
