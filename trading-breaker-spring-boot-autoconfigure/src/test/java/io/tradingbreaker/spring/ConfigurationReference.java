package io.tradingbreaker.spring;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.json.JsonParserFactory;

/** docs/configuration.md, made of the configuration metadata. */
final class ConfigurationReference {

    private final Map<String, List<?>> hints = new TreeMap<>();
    private final Map<String, Map<String, Map<?, ?>>> groups = new TreeMap<>();

    ConfigurationReference(String metadata) {
        Map<String, Object> json = JsonParserFactory.getJsonParser().parseMap(metadata);
        for (Object hint : (List<?>) json.get("hints")) {
            Map<?, ?> fields = (Map<?, ?>) hint;
            if (fields.get("values") instanceof List<?> values) {
                hints.put((String) fields.get("name"), values);
            }
        }
        for (Object property : (List<?>) json.get("properties")) {
            Map<?, ?> fields = (Map<?, ?>) property;
            String name = (String) fields.get("name");
            groups.computeIfAbsent(name.substring(0, name.lastIndexOf('.')), group -> new TreeMap<>())
                    .put(name, fields);
        }
    }

    String markdown(String command) throws IOException {
        StringBuilder text = new StringBuilder("""
            # Every property

            Made of the configuration metadata in the jar, which is also what editors complete from; do not edit. `%s` makes it anew.

            What stands under `trading-breaker.defaults` is for all breakers, and every such key can be set for one of them as
            `trading-breaker.breakers.<name>.<key>`. The keys of a guard are in the README, under
            [HTTP clients](../README.md#http-clients) and [gRPC](../README.md#grpc).
            """.formatted(command));
        for (Map.Entry<String, Map<String, Map<?, ?>>> group : groups.entrySet()) {
            text.append("\n## ").append(group.getKey()).append("\n\n");
            text.append("| Key | Type | Default | Meaning |\n|---|---|---|---|\n");
            for (Map.Entry<String, Map<?, ?>> property : group.getValue().entrySet()) {
                text.append(row(group.getKey(), property.getKey(), property.getValue()));
            }
        }
        return text.toString();
    }

    private String row(String group, String name, Map<?, ?> fields) throws IOException {
        String type = (String) fields.get("type");
        String meaning = escaped(String.valueOf(fields.get("description")));
        String values = values(name, type);
        return "| `" + name.substring(group.length() + 1) + "` | " + words(type) + " | "
                + defaultValue(fields.get("defaultValue")) + " | " + meaning
                + (values.isEmpty() ? "" : " Values: " + values + ".") + " |\n";
    }

    private String values(String name, String type) throws IOException {
        Stream<String> values = Stream.empty();
        if (hints.containsKey(name)) {
            values = hints.get(name).stream().map(value -> String.valueOf(((Map<?, ?>) value).get("value")));
        } else if (isChoice(type)) {
            values = Arrays.stream(load(type).getEnumConstants())
                    .map(constant ->
                            ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
        return values.map(value -> "`" + value + "`").collect(Collectors.joining(", "));
    }

    private static String defaultValue(Object value) {
        if (value == null) {
            return "not set";
        }
        String text = value instanceof List<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.joining(", "))
                : String.valueOf(value);
        return text.isEmpty() ? "empty" : "`" + text + "`";
    }

    /** A type as its user sees it. */
    private static String words(String type) throws IOException {
        int parameters = type.indexOf('<');
        if (parameters >= 0) {
            String[] of = type.substring(parameters + 1, type.length() - 1).split(",", -1);
            String what = words(of[of.length - 1]);
            return of.length == 1 ? "list of " + what : what + " by name";
        }
        return switch (type) {
            case "java.lang.Boolean" -> "true or false";
            case "java.lang.Integer" -> "whole number";
            case "java.lang.Double" -> "number";
            case "java.lang.String" -> "text";
            case "java.time.Duration" -> "duration";
            default ->
                isChoice(type)
                        ? "choice"
                        : load(type).getSimpleName().replace("Settings", "").toLowerCase(Locale.ROOT);
        };
    }

    private static boolean isChoice(String type) throws IOException {
        return type.indexOf('<') < 0 && load(type).isEnum();
    }

    private static Class<?> load(String type) throws IOException {
        try {
            return Class.forName(type);
        } catch (ClassNotFoundException e) {
            throw new IOException(e);
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|");
    }
}
