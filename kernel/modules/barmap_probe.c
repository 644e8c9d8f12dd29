// SPDX-License-Identifier: GPL-2.0-only
/*
 * For tests of type1: what an IOMMU translates, and an emulated VFIO device that
 * pins pages. See barmap_probe.h for the interface.
 */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/iommu.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#include "barmap_probe.h"

/* ---- the emulated device ---- */

/**
 * struct probe - the emulated device
 * @vdev: what VFIO knows of it
 * @lock: guards the pins; type1 may tell of an unmap at any time
 * @pins: the IOVAs of the pages that are pinned, one entry for each pin
 * @count: how many
 */
struct probe {
	struct vfio_device vdev;
	struct mutex lock;	/* the pins */
	dma_addr_t pins[BARMAP_PROBE_PINS_MAX];
	unsigned int count;
};

static struct probe *probe_of(struct vfio_device *vdev)
{
	return container_of(vdev, struct probe, vdev);
}

static int probe_init(struct vfio_device *vdev)
{
	mutex_init(&probe_of(vdev)->lock);
	return 0;
}

static int probe_open_device(struct vfio_device *vdev)
{
	return 0;
}

/* Unpin all pins from @first to @last, as far as there are. */
static void probe_unpin(struct probe *probe, u64 first, u64 last)
{
	unsigned int i = 0;

	while (i < probe->count) {
		dma_addr_t iova = probe->pins[i];

		if (iova < first || iova > last) {
			i++;
			continue;
		}
		probe->pins[i] = probe->pins[--probe->count];
		vfio_unpin_pages(&probe->vdev, iova, 1);
	}
}

static void probe_close_device(struct vfio_device *vdev)
{
	struct probe *probe = probe_of(vdev);

	mutex_lock(&probe->lock);
	probe_unpin(probe, 0, U64_MAX);
	mutex_unlock(&probe->lock);
}

static void probe_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	struct probe *probe = probe_of(vdev);

	mutex_lock(&probe->lock);
	probe_unpin(probe, iova, iova + length - 1);
	mutex_unlock(&probe->lock);
}

static int probe_pin_pages(struct probe *probe, struct barmap_probe_pin *pin)
{
	int prot = IOMMU_READ | (pin->writable ? IOMMU_WRITE : 0);
	struct page **pages;
	unsigned int i;
	int ret;

	pages = kcalloc(BARMAP_PROBE_PINS_MAX, sizeof(*pages), GFP_KERNEL);
	if (!pages)
		return -ENOMEM;
	ret = vfio_pin_pages(&probe->vdev, pin->iova, pin->pages, prot, pages);
	if (ret > 0 && ret < pin->pages) {
		vfio_unpin_pages(&probe->vdev, pin->iova, ret);
		ret = -E2BIG;
	}
	if (ret > 0) {
		pin->word = *(u64 *)page_address(pages[0]);
		for (i = 0; i < ret; i++)
			probe->pins[probe->count++] = pin->iova + i * PAGE_SIZE;
	}
	kfree(pages);
	return ret;
}

static int probe_pin(struct probe *probe, void __user *arg, bool unpin)
{
	struct barmap_probe_pin pin;
	int ret = 0;

	if (copy_from_user(&pin, arg, sizeof(pin)))
		return -EFAULT;
	if (!pin.pages || !PAGE_ALIGNED(pin.iova))
		return -EINVAL;

	mutex_lock(&probe->lock);
	if (unpin)
		probe_unpin(probe, pin.iova,
			    pin.iova + pin.pages * PAGE_SIZE - 1);
	else if (pin.pages > BARMAP_PROBE_PINS_MAX - probe->count)
		ret = -ENOSPC;
	else
		ret = probe_pin_pages(probe, &pin);
	mutex_unlock(&probe->lock);
	return copy_to_user(arg, &pin, sizeof(pin)) ? -EFAULT : ret;
}

static int probe_word(struct probe *probe, void __user *arg)
{
	struct barmap_probe_word word;
	int ret;

	if (copy_from_user(&word, arg, sizeof(word)))
		return -EFAULT;
	ret = vfio_dma_rw(&probe->vdev, word.iova, &word.word,
			  sizeof(word.word), word.write);
	if (ret)
		return ret;
	return copy_to_user(arg, &word, sizeof(word)) ? -EFAULT : 0;
}

static long probe_ioctl(struct vfio_device *vdev, unsigned int cmd,
			unsigned long arg)
{
	void __user *argp = (void __user *)arg;

	switch (cmd) {
	case BARMAP_PROBE_PIN:
	case BARMAP_PROBE_UNPIN:
		return probe_pin(probe_of(vdev), argp,
				 cmd == BARMAP_PROBE_UNPIN);
	case BARMAP_PROBE_WORD:
		return probe_word(probe_of(vdev), argp);
	default:
		return -ENOTTY;
	}
}

static const struct vfio_device_ops probe_ops = {
	.name = BARMAP_PROBE_NAME,
	.init = probe_init,
	.open_device = probe_open_device,
	.close_device = probe_close_device,
	.dma_unmap = probe_dma_unmap,
	.ioctl = probe_ioctl,
	.bind_iommufd = vfio_iommufd_emulated_bind,
	.unbind_iommufd = vfio_iommufd_emulated_unbind,
	.attach_ioas = vfio_iommufd_emulated_attach_ioas,
	.detach_ioas = vfio_iommufd_emulated_detach_ioas,
};

static int probe_bind(struct platform_device *pdev)
{
	struct probe *probe;
	int ret;

	probe = vfio_alloc_device(probe, vdev, &pdev->dev, &probe_ops);
	if (IS_ERR(probe))
		return PTR_ERR(probe);
	ret = vfio_register_emulated_iommu_dev(&probe->vdev);
	if (ret) {
		vfio_put_device(&probe->vdev);
		return ret;
	}
	platform_set_drvdata(pdev, probe);
	return 0;
}

static void probe_shutdown(void *data)
{
	struct probe *probe = data;

	vfio_unregister_group_dev(&probe->vdev);
	vfio_put_device(&probe->vdev);
}

static int probe_driver_probe(struct platform_device *pdev)
{
	int ret = probe_bind(pdev);

	if (ret)
		return ret;
	return devm_add_action_or_reset(&pdev->dev, probe_shutdown,
					platform_get_drvdata(pdev));
}

static struct platform_driver probe_driver = {
	.probe = probe_driver_probe,
	.driver = { .name = BARMAP_PROBE_NAME },
};

/* ---- what an IOMMU translates ---- */

static void probe_find(struct iommu_domain *domain,
		       struct barmap_probe_found *found)
{
	phys_addr_t phys = iommu_iova_to_phys(domain, found->iova);
	unsigned long pfn = PHYS_PFN(phys);

	found->phys = phys;
	found->word = U64_MAX;
	if (phys && pfn_valid(pfn) && !PageReserved(pfn_to_page(pfn)))
		found->word = *(u64 *)phys_to_virt(pfn << PAGE_SHIFT);
}

static int probe_translate_all(struct pci_dev *pdev,
			       const struct barmap_probe_translate *translate)
{
	size_t bytes = translate->count * sizeof(struct barmap_probe_found);
	void __user *user = u64_to_user_ptr(translate->found);
	struct barmap_probe_found *found;
	struct iommu_domain *domain;
	int ret = 0;
	u16 i;

	domain = iommu_get_domain_for_dev(&pdev->dev);
	if (!domain || domain->type != IOMMU_DOMAIN_UNMANAGED)
		return -ENODEV;

	found = memdup_user(user, bytes);
	if (IS_ERR(found))
		return PTR_ERR(found);
	for (i = 0; i < translate->count; i++)
		probe_find(domain, &found[i]);
	if (copy_to_user(user, found, bytes))
		ret = -EFAULT;
	kfree(found);
	return ret;
}

/* The caller keeps the device in its container meanwhile. */
static long probe_file_ioctl(struct file *file, unsigned int cmd,
			     unsigned long arg)
{
	struct barmap_probe_translate translate;
	struct pci_dev *pdev;
	int ret;

	if (cmd != BARMAP_PROBE_TRANSLATE)
		return -ENOTTY;
	if (!capable(CAP_SYS_RAWIO))
		return -EPERM;
	if (copy_from_user(&translate, (void __user *)arg, sizeof(translate)))
		return -EFAULT;
	if (!translate.count || translate.count > BARMAP_PROBE_IOVAS_MAX)
		return -EINVAL;

	pdev = pci_get_domain_bus_and_slot(translate.segment, translate.bus,
					   translate.devfn);
	if (!pdev)
		return -ENODEV;
	ret = probe_translate_all(pdev, &translate);
	pci_dev_put(pdev);
	return ret;
}

static const struct file_operations probe_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = probe_file_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice probe_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = BARMAP_PROBE_NAME,
	.fops = &probe_fops,
	.mode = 0600,
};

/* ---- the module ---- */

static struct platform_device *probe_platform;

static int __init probe_module_init(void)
{
	int ret;

	ret = misc_register(&probe_device);
	if (ret)
		return ret;
	ret = platform_driver_register(&probe_driver);
	if (ret)
		goto deregister_misc;
	probe_platform = platform_device_register_simple(BARMAP_PROBE_NAME,
							 PLATFORM_DEVID_NONE,
							 NULL, 0);
	if (IS_ERR(probe_platform)) {
		ret = PTR_ERR(probe_platform);
		goto unregister_driver;
	}
	return 0;

unregister_driver:
	platform_driver_unregister(&probe_driver);
deregister_misc:
	misc_deregister(&probe_device);
	return ret;
}
module_init(probe_module_init);

static void __exit probe_module_exit(void)
{
	platform_device_unregister(probe_platform);
	platform_driver_unregister(&probe_driver);
	misc_deregister(&probe_device);
}
module_exit(probe_module_exit);

MODULE_DESCRIPTION("What an IOMMU translates, and a VFIO device that pins, for tests");
MODULE_AUTHOR("barmap developers <barmap@example.org>");
MODULE_LICENSE("GPL");
