package dev.lepton.client.rest;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * The base URLs of the registry's replicas in the order in which they are tried, checked and
 * without trailing slashes.
 */
public record RegistryUrls(List<URI> urls) {

    /**
     * @throws IllegalArgumentException when the list is empty, or a URL is not plain {@code
     *     http(s)://host[:port][/path]}
     */
    public RegistryUrls {
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("at least one registry URL is needed");
        }
        urls = urls.stream().map(RegistryUrls::checked).distinct().toList();
    }

    /**
     * The same URLs in an order drawn at random: each client draws its own, so that together they
     * spread over the replicas, and those of one that ends over all that are left.
     */
    public RegistryUrls drawn(RandomGenerator random) {
        List<URI> order = new ArrayList<>(urls);
        Collections.shuffle(order, Random.from(random));
        return new RegistryUrls(order);
    }

    public int size() {
        return urls.size();
    }

    public URI get(int index) {
        return urls.get(index);
    }

    /**
     * @param pathAndQuery encoded, with a leading slash
     */
    public URI resolve(int index, String pathAndQuery) {
        return URI.create(urls.get(index) + pathAndQuery);
    }

    private static URI checked(URI url) {
        String scheme = url.getScheme();
        boolean usable =
                ("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))
                        && url.getHost() != null
                        && url.getRawUserInfo() == null
                        && url.getRawQuery() == null
                        && url.getRawFragment() == null;
        if (!usable) {
            throw new IllegalArgumentException(
                    "registry URL must look like http://host:port, without user, query or fragment");
        }
        String text = url.toString();
        int end = text.length();
        while (text.charAt(end - 1) == '/') {
            end--;
        }
        return URI.create(text.substring(0, end));
    }
}
