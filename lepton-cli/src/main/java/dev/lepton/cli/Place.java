package dev.lepton.cli;

import dev.lepton.cli.app.Checkout;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where this command line belongs.
 *
 * @param checkout the folder of the product
 * @param home the folder of state that is meant when none is named
 */
record Place(Checkout checkout, Path home) {

    /**
     * @param folder the product's folder as the starting script says it; null for the working
     *     directory
     */
    static Place of(@Nullable String folder, Map<String, String> environment) {
        Path product = Path.of(folder == null ? "" : folder).toAbsolutePath().normalize();
        String home = environment.getOrDefault("LEPTON_HOME", "");
        return new Place(
                new Checkout(product), home.isBlank() ? product.resolve(".lepton") : Path.of(home));
    }
}
