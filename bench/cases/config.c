// SPDX-License-Identifier: GPL-2.0-or-later
#include "cases/config.h"

#include <errno.h>
#include <linux/pci_regs.h>
#include <unistd.h>

static int config_read(const struct config *config, off_t offset_bytes, void *value, size_t bytes)
{
	return pread(config->fd, value, bytes, offset_bytes) == (ssize_t)bytes ? 0 : -EIO;
}

static int config_write(const struct config *config, off_t offset_bytes, const void *value,
			size_t bytes)
{
	return pwrite(config->fd, value, bytes, offset_bytes) == (ssize_t)bytes ? 0 : -EIO;
}

int config_decode(const struct config *config, bool on)
{
	uint16_t command = config->command;

	if (!on)
		command &= (uint16_t)~(PCI_COMMAND_MEMORY | PCI_COMMAND_IO);
	return config_write(config, config->command_offset_bytes, &command, sizeof(command));
}

static int register_size(const struct config *config, const struct config_register *bar)
{
	uint32_t value, ones;
	int ret;

	ret = config_read(config, bar->offset_bytes, &value, sizeof(value));
	if (ret)
		return ret;
	ones = value | bar->mask;
	ret = config_write(config, bar->offset_bytes, &ones, sizeof(ones));
	if (!ret)
		ret = config_read(config, bar->offset_bytes, &ones, sizeof(ones));
	return ret ? ret : config_write(config, bar->offset_bytes, &value, sizeof(value));
}

int config_size(const struct config *config, size_t index, size_t *next)
{
	int ret;

	ret = register_size(config, &config->registers[index]);
	for (*next = index + 1; *next < CONFIG_REGISTERS && !ret; ++*next) {
		if (!config->registers[*next].upper)
			break;
		ret = register_size(config, &config->registers[*next]);
	}
	return ret;
}

static bool register_is_wide(const struct config_register *bar)
{
	return (bar->value & (PCI_BASE_ADDRESS_SPACE | PCI_BASE_ADDRESS_MEM_TYPE_MASK)) ==
	       PCI_BASE_ADDRESS_MEM_TYPE_64;
}

static int registers_read(struct config *config, off_t config_offset_bytes)
{
	struct config_register *bar;
	bool wide = false;
	size_t i;
	int ret;

	for (i = 0; i < CONFIG_REGISTERS; i++) {
		bar = &config->registers[i];
		bar->offset_bytes = config_offset_bytes + PCI_BASE_ADDRESS_0 + 4 * (off_t)i;
		bar->mask = UINT32_MAX;
		if (i == PCI_BARS) {
			bar->offset_bytes = config_offset_bytes + PCI_ROM_ADDRESS;
			bar->mask = (uint32_t)PCI_ROM_ADDRESS_MASK;
		}
		ret = config_read(config, bar->offset_bytes, &bar->value, sizeof(bar->value));
		if (ret)
			return ret;
		bar->upper = wide;
		wide = i < PCI_BARS && !bar->upper && register_is_wide(bar);
	}
	return 0;
}

int config_open(struct config *config, const struct vfio_device *device)
{
	uint64_t offset_bytes = 0;
	int ret;

	config->fd = device->fd;
	ret = vfio_config_find(device, &offset_bytes);
	if (ret)
		return ret;
	config->command_offset_bytes = (off_t)offset_bytes + PCI_COMMAND;
	ret = config_read(config, config->command_offset_bytes, &config->command,
			  sizeof(config->command));
	return ret ? ret : registers_read(config, (off_t)offset_bytes);
}

void config_restore(const struct config *config)
{
	const struct config_register *bar;

	for (bar = config->registers; bar < config->registers + CONFIG_REGISTERS; bar++)
		config_write(config, bar->offset_bytes, &bar->value, sizeof(bar->value));
	config_decode(config, true);
}
