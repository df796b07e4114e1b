package io.tradingbreaker.spring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The README as its reader sees it: fenced blocks and tables. */
final class Readme {

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    private final String text;

    Readme() {
        try {
            text = Files.readString(Path.of("../README.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first fenced block in that language behind the words. */
    String block(String language, String words) {
        String fence = "```" + language + "\n";
        int from = text.indexOf(fence, position(words, 0)) + fence.length();
        if (from < fence.length()) {
            throw new AssertionError("No block of " + language + " behind: " + words);
        }
        return text.substring(from, text.indexOf("\n```", from) + 1);
    }

    /** The cells of the table whose header begins so, row by row. */
    List<List<String>> table(String header) {
        return text.substring(position("\n" + header, 1))
                .lines()
                .takeWhile(line -> line.startsWith("|"))
                .skip(2)
                .map(line -> Arrays.stream(line.substring(1, line.length() - 1).split("\\|", -1))
                        .map(String::strip)
                        .toList())
                .toList();
    }

    /** What a cell shows as code. */
    static List<String> code(String cell) {
        return CODE.matcher(cell).results().map(Readme::inside).toList();
    }

    private static String inside(MatchResult match) {
        return match.group(1);
    }

    private int position(String words, int offset) {
        int at = text.indexOf(words);
        if (at < 0) {
            throw new AssertionError("README.md does not say: " + words.strip());
        }
        return at + offset;
    }
}
