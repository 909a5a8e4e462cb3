package dev.lepton.benchmarks.peer;

import dev.lepton.benchmarks.process.Program;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What can stand between the client and the units. */
public enum Peer {
    LEPTON("Lepton", true),
    STOCK("stock Spring Cloud Gateway", true),
    BARE("bare reactor-netty proxy", true),
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

    public boolean installed() {
        return jvm || Program.find(word()).isPresent();
    }

    /** The word for it on the command line. */
    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The words for all of them, with commas. */
    public static String words() {
        return Arrays.stream(values()).map(Peer::word).collect(Collectors.joining(","));
    }

    /**
     * @param words of some of them, with commas
     */
    public static Set<Peer> parse(String words) {
        List<String> named = List.of(words.split(","));
        Set<Peer> peers = EnumSet.noneOf(Peer.class);
        for (Peer peer : values()) {
            if (named.contains(peer.word())) {
                peers.add(peer);
            }
        }
        if (peers.size() != named.size()) {
            throw new IllegalArgumentException(
                    "--peers must name some of %s, each once, and is '%s'"
                            .formatted(words(), words));
        }
        return peers;
    }

    /** Starts it with what it needs, and waits for its first answer. */
    public RunningPeer start(Setup setup) throws IOException, InterruptedException {
        return switch (this) {
            case LEPTON -> LeptonPeer.start(setup);
            case STOCK -> StockPeer.start(setup);
            case BARE -> BarePeer.start(setup);
            case HAPROXY -> HaproxyPeer.start(setup);
            case NGINX -> NginxPeer.start(setup);
        };
    }
}
