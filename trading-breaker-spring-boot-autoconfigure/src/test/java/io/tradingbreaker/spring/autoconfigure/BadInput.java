package io.tradingbreaker.spring.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Input that stops the start, and what is printed. The cases stand in {@code bad-inputs/*.txt}: a line {@code === name},
 * any lines {@code @bean}, {@code @env} and {@code @arg}, the YAML, and behind {@code ---} each the description and
 * the action.
 */
record BadInput(
        String name,
        List<String> beans,
        Map<String, Object> environment,
        List<String> arguments,
        String yaml,
        String description,
        String action) {

    private static final List<String> FILES = List.of(
            "root",
            "times",
            "numbers",
            "choices",
            "properties",
            "names",
            "guards",
            "http",
            "environment",
            "probes",
            "store");
    private static final Pattern PROPERTY = Pattern.compile("Property: (trading-breaker\\S*)");

    static Stream<BadInput> all() {
        return FILES.stream().flatMap(BadInput::in);
    }

    private static Stream<BadInput> in(String file) {
        try (InputStream cases = BadInput.class.getResourceAsStream("/bad-inputs/" + file + ".txt")) {
            String text = new String(cases.readAllBytes(), StandardCharsets.UTF_8);
            return Pattern.compile("^=== ", Pattern.MULTILINE)
                    .splitAsStream(text)
                    .filter(one -> !one.isBlank())
                    .map(one -> parse(file, one));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static BadInput parse(String file, String one) {
        String[] parts = one.split("(?m)^---\n", -1);
        List<String> beans = new ArrayList<>();
        Map<String, Object> environment = new TreeMap<>();
        List<String> arguments = new ArrayList<>();
        StringBuilder yaml = new StringBuilder();
        for (String line : parts[0].lines().skip(1).toList()) {
            String rest = line.substring(line.indexOf(' ') + 1);
            if (line.startsWith("@bean ")) {
                beans.add(rest);
            } else if (line.startsWith("@env ")) {
                environment.put(rest.substring(0, rest.indexOf('=')), rest.substring(rest.indexOf('=') + 1));
            } else if (line.startsWith("@arg ")) {
                arguments.add(rest);
            } else {
                yaml.append(line).append('\n');
            }
        }
        String name = parts[0].lines().findFirst().orElseThrow();
        return new BadInput(
                file + ": " + name,
                beans,
                environment,
                arguments,
                yaml.toString(),
                parts.length < 3 ? "" : parts[1].strip(),
                parts.length < 3 ? "" : parts[2].strip());
    }

    /** The property that is blamed, as the metadata name it; empty if none is. */
    String property() {
        Matcher property = PROPERTY.matcher(description);
        return property.find()
                ? property.group(1)
                        .replaceFirst("\\[\\d+]$", "")
                        .replaceFirst("^trading-breaker\\.breakers\\.[^.]+\\.", "trading-breaker.defaults.")
                : "";
    }

    @Override
    public String toString() {
        return name;
    }
}
