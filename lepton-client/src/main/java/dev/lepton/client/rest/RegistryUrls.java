package dev.lepton.client.rest;

import java.net.URI;
import java.util.List;

/** The base URLs of the registry's replicas, checked and without trailing slashes. */
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
