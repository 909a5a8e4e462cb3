package dev.lepton.benchmarks.peer;

import dev.lepton.benchmarks.process.Program;
import java.io.IOException;
import java.util.Locale;

/** What can stand between the client and the units. */
public enum Peer {
    LEPTON("Lepton", true),
    STOCK("stock Spring Cloud Gateway", true),
    HAPROXY("HAProxy", false),
    NGINX("nginx", false);

    private final String title;
    private final boolean jvm;

    Peer(String title, boolean jvm) {
        this.title = title;
        this.jvm = jvm;
    }

    public String title() {
        return title;
    }

    public boolean jvm() {
        return jvm;
    }

    /** The word for it on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean installed() {
        return jvm || Program.find(word()).isPresent();
    }

    /** Starts it with what it needs, and waits for its first answer. */
    public RunningPeer start(Setup setup) throws IOException, InterruptedException {
        return switch (this) {
            case LEPTON -> LeptonPeer.start(setup);
            case STOCK -> StockPeer.start(setup);
            case HAPROXY -> HaproxyPeer.start(setup);
            case NGINX -> NginxPeer.start(setup);
        };
    }
}
