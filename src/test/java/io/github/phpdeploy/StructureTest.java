package io.github.phpdeploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rooms of this house and who may use whom. The root package holds the one exception that every room speaks; when the
 * design changes, this table changes in the same commit.
 */
class StructureTest {

    private static final String ROOT = "io.github.phpdeploy";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    @ParameterizedTest
    @CsvSource({
        "host, ''",
        "archive, ''",
        "release, host",
        "transfer, host",
        "runtime, host probe",
        "probe, host",
        "deploy, archive host release transfer runtime probe",
        "mojo, archive host release transfer runtime probe deploy"
    })
    void aRoomUsesOnlyWhatLiesBelow(String room, String below) {
        Stream<String> allowed = Stream.concat(
                Stream.of(ROOT, ROOT + "." + room + ".."),
                Stream.of(below.split(" ")).filter(name -> !name.isEmpty()).map(name -> ROOT + "." + name + ".."));
        DescribedPredicate<JavaClass> ours = resideInAnyPackage(ROOT + "..");
        DescribedPredicate<JavaClass> forbidden = ours.and(resideOutsideOfPackages(allowed.toArray(String[]::new)));
        noClasses()
                .that()
                .resideInAPackage(ROOT + "." + room + "..")
                .should()
                .dependOnClassesThat(forbidden)
                .check(CLASSES);
    }

    @Test
    void onlyTheMojoRoomKnowsMaven() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".mojo..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.maven..")
                .check(CLASSES);
    }

    @Test
    void onlyTheSshRoomKnowsSshj() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".host.ssh..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("net.schmizz..", "com.hierynomus..")
                .check(CLASSES);
    }

    @Test
    void roomsHaveNoCircles() {
        SlicesRuleDefinition.slices()
                .matching(ROOT + ".(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void beansLiveInTheMojoRoom() {
        classes()
                .that()
                .haveSimpleNameEndingWith("Bean")
                .should()
                .resideInAPackage(ROOT + ".mojo")
                .check(CLASSES);
    }

    @Test
    void everyPackageSaysWhatItIs() throws IOException {
        Path sources = Path.of("src/main/java");
        try (Stream<Path> all = Files.walk(sources)) {
            List<Path> packages = all.filter(Files::isDirectory)
                    .filter(StructureTest::holdsClasses)
                    .toList();
            assertThat(packages).hasSizeGreaterThan(10);
            for (Path each : packages) {
                assertThat(each.resolve("package-info.java"))
                        .exists()
                        .content()
                        .startsWith("/**")
                        .hasSizeGreaterThan(100);
            }
        }
    }

    private static boolean holdsClasses(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.anyMatch(file -> file.toString().endsWith(".java"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
