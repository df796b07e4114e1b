package io.tradingbreaker.spring.dashboard;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MimeType;

/** The page's files, read once from beside this class. There are no others: a name is a key here and never a path. */
final class Assets {

    static final MimeType HTML = new MimeType("text", "html", StandardCharsets.UTF_8);
    private static final MimeType SCRIPT = new MimeType("text", "javascript", StandardCharsets.UTF_8);
    private static final MimeType STYLE = new MimeType("text", "css", StandardCharsets.UTF_8);
    private static final MimeType TEXT = new MimeType("text", "plain", StandardCharsets.UTF_8);
    private static final MimeType IMAGE = new MimeType("image", "svg+xml");

    private static final Map<String, MimeType> OWN = Map.ofEntries(
            Map.entry("main.js", SCRIPT),
            Map.entry("feed.js", SCRIPT),
            Map.entry("list.js", SCRIPT),
            Map.entry("order.js", SCRIPT),
            Map.entry("card.js", SCRIPT),
            Map.entry("chart.js", SCRIPT),
            Map.entry("actions.js", SCRIPT),
            Map.entry("dom.js", SCRIPT),
            Map.entry("text.js", SCRIPT),
            Map.entry("theme.js", SCRIPT),
            Map.entry("style.css", STYLE),
            Map.entry("icon.svg", IMAGE));

    /** Unpacked by the build. */
    private static final Map<String, MimeType> UPLOT =
            Map.of("uPlot.iife.min.js", SCRIPT, "uPlot.min.css", STYLE, "LICENSE", TEXT);

    private static final String PAGE = "page.html";
    private static final String UPLOT_FOLDER = "uplot/";

    private final Map<String, Asset> assets = new HashMap<>();
    private final String page;

    Assets() {
        OWN.forEach((name, type) -> assets.put(name, new Asset(read(name), type)));
        UPLOT.forEach((name, type) -> assets.put(name, new Asset(read(UPLOT_FOLDER + name), type)));
        page = new String(read(PAGE), StandardCharsets.UTF_8);
    }

    /** All files, relative to this class. */
    static Stream<String> files() {
        return Stream.of(
                        Stream.of(PAGE),
                        OWN.keySet().stream(),
                        UPLOT.keySet().stream().map(UPLOT_FOLDER::concat))
                .flatMap(names -> names);
    }

    /** Null if there is none of that name. */
    @Nullable
    Asset find(String name) {
        return assets.get(name);
    }

    /** The page, with {@code {{…}}} to be filled in. */
    String page() {
        return page;
    }

    private static byte[] read(String name) {
        try (InputStream file = Assets.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException("The dashboard's file " + name + " is missing");
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
    record Asset(byte[] content, MimeType type) {}
}
