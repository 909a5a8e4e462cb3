package dev.lepton.cli;

import dev.lepton.cli.home.Home;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option of every command that says which platform is meant. */
final class HomeOption {

    @Option(
            names = "--home",
            paramLabel = "FOLDER",
            description =
                    "The folder of the platform's state; by default LEPTON_HOME, else .lepton in"
                            + " Lepton's own folder.")
    private @Nullable Path folder;

    Home in(Place place) {
        return new Home(folder == null ? place.home() : folder);
    }
}
