package io.github.phpdeploy.mojo;

import java.io.File;
import java.lang.reflect.Field;
import java.util.Properties;

import io.github.phpdeploy.PhpDeployException;
import org.apache.maven.plugin.descriptor.MojoDescriptor;
import org.apache.maven.plugin.descriptor.Parameter;

/**
 * Makes what stands on the command line win over the POM. Maven itself ignores {@code -Dphp.deployPath=…} where the POM has
 * {@code <deployPath>}; for a deploy that would mean another place than the one that was asked for.
 */
final class CommandLine {

    private CommandLine() {}

    /**
     * Sets those parameters of a goal that the user named.
     *
     * @param goal the goal
     * @param descriptor what its parameters are called; null where there is none
     * @param user what stands behind {@code -D}
     * @param directory what relative files are relative to
     */
    static void apply(Object goal, MojoDescriptor descriptor, Properties user, File directory) {
        if (descriptor == null || descriptor.getParameters() == null) {
            return;
        }
        for (Parameter parameter : descriptor.getParameters()) {
            String expression = parameter.getExpression();
            if (expression == null || !expression.matches("\\$\\{php\\.[A-Za-z.]+}")) {
                continue;
            }
            String property = expression.substring(2, expression.length() - 1);
            String value = user.getProperty(property);
            if (value != null) {
                set(goal, parameter.getName(), property, value, directory);
            }
        }
    }

    private static void set(Object goal, String name, String property, String value, File directory) {
        try {
            Field field = field(goal.getClass(), name);
            field.setAccessible(true);
            Class<?> type = field.getType();
            if (type == String.class) {
                field.set(goal, value);
            } else if (type == File.class) {
                File file = new File(value);
                field.set(goal, file.isAbsolute() || directory == null ? file : new File(directory, value));
            } else if (type == boolean.class) {
                field.setBoolean(goal, value.isEmpty() || Boolean.parseBoolean(value));
            } else if (type == int.class) {
                field.setInt(goal, Integer.parseInt(value.strip()));
            }
        } catch (NumberFormatException e) {
            throw new PhpDeployException(property + " is \"" + value + "\"", "set it to a whole number", e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Field field(Class<?> type, String name) throws NoSuchFieldException {
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            for (Field field : at.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    return field;
                }
            }
        }
        throw new NoSuchFieldException(name);
    }
}
