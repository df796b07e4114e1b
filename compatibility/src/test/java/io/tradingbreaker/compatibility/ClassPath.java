package io.tradingbreaker.compatibility;

import java.io.File;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The class path that the application and its tests run on. */
final class ClassPath {

    private ClassPath() {}

    static List<String> jars() {
        return entries()
                .map(entry -> new File(entry).getName())
                .filter(name -> name.endsWith(".jar"))
                .toList();
    }

    /** The class path, as java takes it, without the jars whose names begin so. */
    static String without(String... jars) {
        return entries()
                .filter(entry -> Stream.of(jars).noneMatch(new File(entry).getName()::startsWith))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static Stream<String> entries() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator));
    }
}
